/** A setting of the stack's configuration or of the environment that cannot be used. */
export class ConfigurationError extends Error {
  override readonly name = "ConfigurationError";

  /** @param setting the config key or variable, as the user writes it */
  constructor(
    readonly setting: string,
    readonly value: string,
    problem: string,
  ) {
    super(`${setting} is ${JSON.stringify(value)}: ${problem}`);
  }
}
