/** Told at the first request, so that what needs no request needs no keys. */
export class MissingCredentialsError extends Error {
  override readonly name = "MissingCredentialsError";

  constructor(readonly missing: readonly ("apiKey" | "appKey")[]) {
    super(
      `Datadog needs an API key and an application key; missing: ${missing
        .map(
          (key) =>
            `${labels[key]} (\`pulumi config set --secret datadog:${key}\`, or the variable ${variables[key]})`,
        )
        .join(" and ")}`,
    );
  }
}

const labels = { apiKey: "the API key", appKey: "the application key" };
const variables = { apiKey: "DD_API_KEY", appKey: "DD_APP_KEY" };
