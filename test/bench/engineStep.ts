/** What passes before the simulated engine hands over the next resource, ms. */
export const ENGINE_STEP_MS = 2;
