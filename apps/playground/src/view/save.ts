/** Gives a file to its reader. */
export function saveBytes(name: string, bytes: Uint8Array): void {
  save(name, new Blob([bytes as Uint8Array<ArrayBuffer>]));
}

/** Gives the plot as it is seen. */
export function savePicture(name: string): void {
  const canvas = document.querySelector<HTMLCanvasElement>(".plot canvas");
  canvas?.toBlob((blob) => {
    if (blob !== null) save(name, blob);
  });
}

function save(name: string, blob: Blob): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  URL.revokeObjectURL(link.href);
}
