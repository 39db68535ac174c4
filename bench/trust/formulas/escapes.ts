/**
 * Texts that have broken out of expression languages: those of mathjs's security tests and of reports on expr-eval, jexl and vm sandboxes.
 *
 * Source: https://github.com/josdejong/mathjs/blob/develop/test/unit-tests/security.test.js
 */
export const ESCAPES: readonly string[] = [
  ...["constructor", "r.constructor", "__proto__", "toString", "hasOwnProperty(r)"],
  ...["valueOf()", "sin.constructor", 'sin.constructor("return process.version")()'],
  ...['cos.constructor("return process.env")()', '[].map.constructor("code = 0")()'],
  ...['"".constructor.constructor("return 1")()'],
  ...['f=sin.constructor;f("return process.mainModule")()'],
  ...['f(x)=x;f.constructor("alert(1)")()', "f(x,y)=1;f.apply=f.constructor;f(1,2)"],
  ...["r => process.exit()", "(() => 1)()", "function(){return 1}", "new Date()", "import({})"],
  ...["import({createUnit: 1}, {override: true})", 'require("fs")', 'eval("1")'],
  ...['parse("2+3")', 'evaluate("1+1")', 'chain("a").done', 'simplify("2+3")'],
  ...['derivative("r^2","r")', "this", "this.constructor.constructor", "globalThis.process"],
  ...["process.exit(1)", "`$` + `{1}`", "r`1`", "{}.constructor"],
  ...['{"a":1}.constructor.getOwnPropertyDescriptor', "a[0]", "r['constructor']", "[1,2,3]"],
  ...["r; constructor=1; __proto__=2", "r; __proto__=alert(1)", "r; a=1; a=constructor"],
  ...["r; toString=1e999", "r; r=2", "r; sin=1", "1; a=0x10", "1; a=1n", "1_000", "0b1"],
  ...["0x1f", "1n", "r?1:2", "r>1", "r==1", "r!", "r%2", "r**2", "r||1", "r,1", "r=1"],
  ...["\u0072.x", "r\u200b", "r\u0000", "\uff52", "r//1", "r/*1*/", "r<!--", "#r", "@r", "~r"],
  ...["r..r", "1.2.3", "sin r", "sin()", "sin(r,r)", "()", "2r", "r r", "r(2)", "pi(2)", ""],
  ...[" ", ";", "r;=1", "r;1=1", "r;a", "r;a=", "r;a==1"],
];
