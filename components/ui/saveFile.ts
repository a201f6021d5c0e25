/** Hands a file to the browser's download list. */
export function saveFile(name: string, content: Blob): void {
  const url = URL.createObjectURL(content);
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  // The browser has taken the blob by the next task; keeping the URL would keep its memory.
  setTimeout(() => URL.revokeObjectURL(url), 0);
}
