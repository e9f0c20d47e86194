import {
  type Document,
  isAlias,
  isMap,
  isNode,
  isScalar,
  isSeq,
  type LineCounter,
  type Node,
  Scalar,
} from "yaml";
import type { DocumentPath } from "./documentPath";
import { type ScalarStyle, scalarOffset } from "./scalarOffset";

/** Both from 1. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

/** Where in a YAML file its keys and values stand. What is not in the file stands where its parent does. */
export class YamlPositions {
  readonly #document: Document.Parsed;
  readonly #source: string;
  readonly #lines: LineCounter;

  constructor(document: Document.Parsed, source: string, lines: LineCounter) {
    this.#document = document;
    this.#source = source;
    this.#lines = lines;
  }

  /** Of the value at a path. */
  value(path: DocumentPath): Position {
    return this.at(this.#node(path)?.range?.[0] ?? 0);
  }

  /** Of the key at the end of a path; of an element of a list, the element. */
  key(path: DocumentPath): Position {
    const parent = this.#resolve(path.slice(0, -1));
    const key = isMap(parent)
      ? parent.items.find((pair) => keyText(pair.key) === path.at(-1))?.key
      : undefined;
    const start = isNode(key) ? key.range?.[0] : undefined;
    return start === undefined ? this.value(path) : this.at(start);
  }

  /** Of a place in the text of the value at a path. */
  inText(path: DocumentPath, offset: number): Position {
    const node = this.#resolve(path);
    if (!isScalar(node) || !node.range || typeof node.value !== "string") return this.value(path);
    const [start, end] = node.range;
    const source = this.#source.slice(start, end);
    return this.at(start + scalarOffset(source, styleOf(node), node.value, offset));
  }

  /** Of a place in the file, in UTF-16 code units. */
  at(offset: number): Position {
    const { line, col } = this.#lines.linePos(offset);
    return { line: Math.max(line, 1), column: Math.max(col, 1) };
  }

  /** The node at a path, or the nearest around it. */
  #node(path: DocumentPath): Node | undefined {
    for (let length = path.length; length >= 0; length -= 1) {
      const node = this.#find(path.slice(0, length));
      if (node) return node;
    }
    return undefined;
  }

  /** The node at a path; where an alias stands there, what it stands for. */
  #resolve(path: DocumentPath): Node | undefined {
    const node = this.#find(path);
    return isAlias(node) ? node.resolve(this.#document) : node;
  }

  #find(path: DocumentPath): Node | undefined {
    let node: Node | undefined = this.#document.contents ?? undefined;
    for (const key of path) {
      const inner: Node | undefined = isAlias(node) ? node.resolve(this.#document) : node;
      node = childOf(inner, key);
    }
    return node;
  }
}

function childOf(node: Node | undefined, key: string | number): Node | undefined {
  let child: unknown;
  if (isMap(node)) child = node.items.find((pair) => keyText(pair.key) === key)?.value;
  if (isSeq(node) && typeof key === "number") child = node.items[key];
  return isNode(child) ? child : undefined;
}

function keyText(key: unknown): string | undefined {
  return isScalar(key) ? String(key.value) : undefined;
}

function styleOf(node: Scalar): ScalarStyle {
  if (node.type === Scalar.QUOTE_DOUBLE) return "double";
  if (node.type === Scalar.QUOTE_SINGLE) return "single";
  return node.type === Scalar.BLOCK_FOLDED || node.type === Scalar.BLOCK_LITERAL ? "block" : "plain";
}
