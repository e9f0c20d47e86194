import { createDatadogClient } from "../../../provider/datadog/client";
import { readSettings } from "../../../provider/datadog/http/settings";
import { systemClock } from "../../../provider/datadog/http/systemClock";

/**
 * Asks for the users as a process of its own, configured by its environment alone, and prints what came of
 * it.
 */
async function main(): Promise<void> {
  const settings = readSettings({ get: () => undefined }, process.env);
  const api = createDatadogClient({ settings, clock: systemClock, random: Math.random });
  const users = await api.listUsers("ada");
  process.stdout.write(`found ${users.length}`);
}

main().then(
  () => process.exit(0),
  (error: unknown) => {
    process.stdout.write(String(error));
    process.exit(1);
  },
);
