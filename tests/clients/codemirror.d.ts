// What `sparql.js` uses of CodeMirror 5, which comes with the pages as a script of its own.
interface LineHandle {
  readonly height: number;
}

interface Editor {
  getInputField(): HTMLElement;
  getValue(): string;
  setValue(text: string): void;
  save(): void;
  addLineClass(line: number, where: "background", name: string): LineHandle;
  removeLineClass(line: LineHandle, where: "background", name: string): LineHandle;
  setCursor(line: number, column: number): void;
}

declare const CodeMirror: {
  fromTextArea(area: HTMLTextAreaElement, options: Record<string, unknown>): Editor;
};
