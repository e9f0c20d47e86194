import { execFileSync } from "node:child_process";
import { cpSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { hasRegistry } from "./hasRegistry";
import { GO_SDK, JAVA_SDK } from "./sdkVersions";

export interface SdkLanguage {
  /** As Pulumi names its language plugin, and Markdown a code block. */
  readonly name: string;
  readonly manager: Parameters<typeof hasRegistry>[0];
  /** What is in the project beside the program, by path. */
  readonly files: Readonly<Record<string, string>>;
  readonly program: string;
  /** How the program of the docs names its Datadog site. */
  readonly site: string;
  /** The provider's settings in its place. */
  settings(of: { readonly apiUrl: string; readonly apiKey: string; readonly appKey: string }): string;
  /** What comes before `pulumi package add`. */
  install?(folder: string): void;
  /** What has to be done after it, with the program there. */
  addSdk?(folder: string): void;
  /** Where an example of the schema stands in the project, and its text there. */
  example(name: string, text: string): { readonly file: string; readonly text: string };
  /** Compiles the examples, or runs them, where the engine has not compiled them with the program. */
  tryExamples?(folder: string): void;
}

/** The languages whose programs are run with the SDK that is generated for them. */
export const sdkLanguages: readonly SdkLanguage[] = [
  {
    name: "python",
    manager: "pip",
    files: {
      "Pulumi.yaml": "name: py\nruntime: { name: python, options: { virtualenv: venv } }\n",
      "requirements.txt": "pulumi>=3.150.0,<4.0.0\n",
    },
    program: "__main__.py",
    site: 'site="datadoghq.eu"',
    settings: ({ apiUrl, apiKey, appKey }) => `api_url="${apiUrl}", api_key="${apiKey}", app_key="${appKey}"`,
    install: (folder) => void execFileSync("python3", ["-m", "venv", join(folder, "venv")]),
    example: (name, text) => ({ file: `examples/${name}.py`, text }),
    tryExamples: (folder) => {
      writeFileSync(join(folder, "examples.py"), RUN_EXAMPLES);
      execFileSync(join("venv", "bin", "python"), ["examples.py"], { cwd: folder, stdio: "pipe" });
    },
  },
  {
    name: "go",
    manager: "go",
    files: {
      "Pulumi.yaml": "name: go\nruntime: go\n",
      "go.mod": `module myproject\n\ngo 1.25\n\nrequire github.com/pulumi/pulumi/sdk/v3 v${GO_SDK}\n`,
    },
    program: "main.go",
    site: 'Site: pulumi.String("datadoghq.eu")',
    settings: (settings) =>
      Object.entries(settings)
        .map(([name, value]) => `${name.replace(/^a/, "A")}: pulumi.String("${value}")`)
        .join(", "),
    addSdk: (folder) => void execFileSync("go", ["mod", "tidy"], { cwd: folder, stdio: "ignore" }),
    // What is not a main package is compiled, and not linked.
    example: (name, text) => ({
      file: `examples/${name}/example.go`.toLowerCase(),
      text: text.replace("package main", "package example"),
    }),
    tryExamples: (folder) =>
      void execFileSync("go", ["build", "./examples/..."], { cwd: folder, stdio: "pipe" }),
  },
  {
    name: "java",
    manager: "mvn",
    files: { "Pulumi.yaml": "name: java\nruntime: java\n", "pom.xml": pom() },
    program: "src/main/java/myproject/App.java",
    site: '.site("datadoghq.eu")',
    settings: (settings) =>
      Object.entries(settings)
        .map(([name, value]) => `.${name}("${value}")`)
        .join(""),
    addSdk: (folder) =>
      cpSync(join(folder, "sdks", "datadog-findings", "src"), join(folder, "src"), { recursive: true }),
    example: (name, text) => ({
      file: `src/main/java/${name.toLowerCase()}/App.java`,
      text: text.replace("package myproject;", `package ${name.toLowerCase()};`),
    }),
  },
];

/** Each example as a program of its own, whose engine says yes to everything. */
const RUN_EXAMPLES = `import glob, runpy
import pulumi

class Engine(pulumi.runtime.Mocks):
    def new_resource(self, args):
        return [args.name, {**args.inputs, "results": []}]

    def call(self, args):
        users = [{"id": "user", "disabled": False, "serviceAccount": False}]
        return {"id": "id", "users": users, "findings": [], "explanation": "because"}

pulumi.runtime.set_mocks(Engine())

@pulumi.runtime.test
def run(file):
    runpy.run_path(file)

for file in glob.glob("examples/*.py"):
    run(file)
`;

/** As Pulumi's template has it, with the dependencies that `pulumi package add` asks for. */
function pom(): string {
  const dependencies = [`com.pulumi:pulumi:${JAVA_SDK}`, "com.google.code.findbugs:jsr305:3.0.2"].map(
    (each) => {
      const [groupId, artifactId, version] = each.split(":");
      return `<dependency>
      <groupId>${groupId}</groupId><artifactId>${artifactId}</artifactId><version>${version}</version>
    </dependency>`;
    },
  );
  return `<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>myproject</groupId><artifactId>myproject</artifactId><version>1.0</version>
  <properties>
    <maven.compiler.source>17</maven.compiler.source>
    <maven.compiler.target>17</maven.compiler.target>
    <project.build.sourceEncoding>UTF-8</project.build.sourceEncoding>
    <mainClass>myproject.App</mainClass>
    <mainArgs/>
  </properties>
  <dependencies>
    ${dependencies.join("\n    ")}
  </dependencies>
  <build><plugins><plugin>
    <groupId>org.codehaus.mojo</groupId><artifactId>exec-maven-plugin</artifactId><version>3.1.0</version>
    <configuration>
      <mainClass>\${mainClass}</mainClass><commandlineArgs>\${mainArgs}</commandlineArgs>
    </configuration>
  </plugin></plugins></build>
</project>
`;
}
