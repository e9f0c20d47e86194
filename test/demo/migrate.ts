import { seedFindings, seedUsers } from "../emulator";
import { say, title } from "./stage";
import { withTheatre } from "./theatre";

/**
 * A stack goes from the dynamic provider to the plugin and back: nothing is sent, and nothing changes its
 * owner.
 */
export async function migrate(): Promise<void> {
  title("From the dynamic provider to the plugin, and back");
  const users = seedUsers({ count: 1 }).map((user) => ({ ...user, email: "pat.payments@example.com" }));
  const ids = [
    "MC1kZDh-aS0yZWQ3MzBmNzA3NDEwMDAwOQ==",
    "MS1hNzl-aS0yYTBkODdmZjRkYTIwMDAwNw==",
    "Mi1lMjd-aS0xOGE0YjE0OTI2MmQwMDAwYQ==",
  ];
  const findings = seedFindings({ count: ids.length }).map((finding, index) => ({
    ...finding,
    id: `ZGVmLTAw${ids[index]}`,
  }));
  await withTheatre({ example: "migrate", findings, users, hasPlugin: true }, async (theatre) => {
    await theatre.run("up");
    theatre.owners();
    for (const [plugin, where] of [
      ["true", "the plugin"],
      ["false", "the dynamic provider again"],
    ] as const) {
      title(`The same program with ${where}`);
      say(`\n  $ pulumi config set plugin ${plugin}`);
      await theatre.set("plugin", plugin);
      await theatre.run("up");
      theatre.owners();
    }
    await theatre.run("destroy");
    theatre.owners();
  });
}
