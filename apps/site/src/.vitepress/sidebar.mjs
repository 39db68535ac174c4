/** Pages by what a reader needs. A page that is not here is found by links and by the search. */
export const sidebar = [
  {
    text: "Start",
    items: [
      { text: "What it is", link: "/docs/start/what-it-is" },
      { text: "Which tool for which data", link: "/docs/start/which-tool" },
      { text: "The playground", link: "/apps/playground/README" },
      { text: "Install", link: "/docs/start/install" },
    ],
  },
  {
    text: "Learn",
    items: [
      { text: "Your first law, in the browser", link: "/docs/learn/first-law" },
      { text: "From a video to a law", link: "/docs/learn/from-a-video" },
      { text: "From a simulation to a law", link: "/docs/learn/from-a-simulation" },
      { text: "The planets", link: "/examples/README" },
      { text: "A lesson of twenty minutes", link: "/docs/learn/lesson" },
    ],
  },
  {
    text: "Do",
    items: [
      { text: "Bring your data", link: "/docs/do/your-data" },
      { text: "From a dump to a larger run", link: "/docs/do/boxes" },
      { text: "Read error bars and findings", link: "/docs/do/error-bars-and-findings" },
      { text: "Tracks that jitter", link: "/docs/do/brownian-tracks" },
      { text: "Use the law elsewhere", link: "/docs/do/use-the-law" },
      { text: "Learn on a page of your own", link: "/docs/do/on-a-page" },
      { text: "From Python", link: "/python/README" },
    ],
  },
  {
    text: "Look up",
    items: [
      { text: "All references", link: "/docs/look-up/index" },
      { text: "Command line", link: "/apps/cli/README" },
      ...[
        "physics",
        "integrators",
        "datasets",
        "metrics",
        "models",
        "learning",
        "tfjs",
        "studies",
        "report",
      ].map((name) => ({ text: name, link: `/packages/${name}/README` })),
    ],
  },
  {
    text: "Understand",
    items: [
      { text: "How a law is found", link: "/docs/understand/how-a-law-is-found" },
      { text: "Architecture", link: "/docs/architecture" },
      { text: "Laws learned, in numbers", link: "/docs/laws" },
      { text: "How fast it is", link: "/docs/bench" },
      { text: "The paper again", link: "/docs/reproduction/README" },
      { text: "Decisions", link: "/docs/adr/README" },
    ],
  },
];
