import { join } from "node:path";
import { runEmulator } from "./command/runEmulator";

const options = {
  command: "npm run emulator --",
  quickstartOwners: join(__dirname, "..", "..", "examples", "quickstart", "owners.json"),
  print: (text: string) => void process.stdout.write(text),
  printError: (text: string) => void process.stderr.write(text),
};

runEmulator(process.argv.slice(2), options).then((server) => {
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => server?.close());
});
