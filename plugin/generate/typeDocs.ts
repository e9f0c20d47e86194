import { join } from "node:path";
import ts from "typescript";

/** A property of an interface or class, as its declaration says. */
export interface DocumentedProperty {
  readonly name: string;
  /** The doc comment, without tags. */
  readonly description: string;
  readonly optional: boolean;
  readonly type: ts.Type;
}

const root = join(__dirname, "..", "..");

/** What the declarations of the package say: types, and doc comments. */
export class TypeDocs {
  readonly #program: ts.Program;
  readonly #checker: ts.TypeChecker;

  /** @param entries files whose exports are looked up by name */
  constructor(readonly entries: readonly string[]) {
    const { config } = ts.readConfigFile(join(root, "provider", "tsconfig.json"), ts.sys.readFile);
    const { options } = ts.parseJsonConfigFileContent(config, ts.sys, join(root, "provider"));
    this.#program = ts.createProgram(
      entries.map((entry) => join(root, entry)),
      { ...options, noEmit: true, incremental: false },
    );
    this.#checker = this.#program.getTypeChecker();
  }

  /** @param type one of the entries' exports by its name, or any other */
  describe(type: string | ts.Type): string {
    const symbol = typeof type === "string" ? this.#find(type) : (type.aliasSymbol ?? type.symbol);
    return symbol ? this.#text(symbol) : "";
  }

  /** The public properties of an exported type, in the order in which they are declared. */
  properties(name: string): DocumentedProperty[] {
    return this.propertiesOf(this.#checker.getDeclaredTypeOfSymbol(this.#find(name)));
  }

  propertiesOf(type: ts.Type): DocumentedProperty[] {
    return this.#checker.getPropertiesOfType(type).flatMap((symbol) => {
      const declaration = symbol.valueDeclaration ?? symbol.declarations?.[0];
      if (!declaration || !isOwn(declaration) || isHidden(declaration)) return [];
      const propertyType = this.#unwrap(this.#checker.getTypeOfSymbolAtLocation(symbol, declaration));
      return [
        {
          name: symbol.name,
          description: this.#text(symbol),
          optional: (symbol.flags & ts.SymbolFlags.Optional) !== 0,
          type: propertyType,
        },
      ];
    });
  }

  /** The members of a union without undefined and null; `nullable` says whether null, or undefined, was among them. */
  membersOf(type: ts.Type): { readonly members: readonly ts.Type[]; readonly nullable: boolean } {
    const all = type.isUnion() ? type.types : [type];
    const members = all.filter(({ flags }) => (flags & (ts.TypeFlags.Undefined | ts.TypeFlags.Null)) === 0);
    return { members, nullable: members.length < all.length };
  }

  /** The value inside an Output, which is an intersection of a generic class and what lifts properties. */
  #unwrap(type: ts.Type): ts.Type {
    const output = partsOf(type).find((part) => part.symbol?.name === "OutputInstance");
    return output ? this.argumentOf(output) : type;
  }

  /** The element of an array, or of another generic type with one argument. */
  argumentOf(type: ts.Type): ts.Type {
    const [argument] = this.#checker.getTypeArguments(type as ts.TypeReference);
    if (!argument) throw new Error(`${this.#checker.typeToString(type)} has no argument`);
    return argument;
  }

  isArray(type: ts.Type): boolean {
    return this.#checker.isArrayType(type);
  }

  symbolNameOf(type: ts.Type): string {
    return (type.aliasSymbol ?? type.symbol)?.name ?? "";
  }

  #find(name: string): ts.Symbol {
    for (const entry of this.entries) {
      const file = this.#program.getSourceFile(join(root, entry));
      const module = file && this.#checker.getSymbolAtLocation(file);
      const found = module && this.#checker.getExportsOfModule(module).find((symbol) => symbol.name === name);
      if (found) return found.flags & ts.SymbolFlags.Alias ? this.#checker.getAliasedSymbol(found) : found;
    }
    throw new Error(`no entry exports ${name}`);
  }

  /** As one paragraph for each of the comment: its lines break where code does. */
  #text(symbol: ts.Symbol): string {
    const text = ts.displayPartsToString(symbol.getDocumentationComment(this.#checker));
    return text
      .split(/\n{2,}/)
      .map((paragraph) => paragraph.replace(/\s*\n\s*/g, " ").trim())
      .join("\n\n");
  }
}

/** What unions and intersections are put together from. */
function partsOf(type: ts.Type): readonly ts.Type[] {
  return type.isUnionOrIntersection() ? type.types.flatMap(partsOf) : [type];
}

/** Declared in this repository, and not by the SDK's classes. */
function isOwn(declaration: ts.Declaration): boolean {
  return !declaration.getSourceFile().fileName.includes("node_modules");
}

function isHidden(declaration: ts.Declaration): boolean {
  const hidden = ts.ModifierFlags.Private | ts.ModifierFlags.Protected;
  const isMethod = ts.isMethodDeclaration(declaration) || ts.isMethodSignature(declaration);
  const name = ts.getNameOfDeclaration(declaration);
  const isPrivate = name !== undefined && ts.isPrivateIdentifier(name);
  return isPrivate || isMethod || (ts.getCombinedModifierFlags(declaration) & hidden) !== 0;
}
