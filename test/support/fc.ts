import fc from "fast-check";

/**
 * fast-check with the same seed in every run, so that a change that breaks something fails everywhere.
 * `PROPERTY_SEED=random`, or a number, looks elsewhere; a failed property prints its seed and path.
 */
const { PROPERTY_SEED = "20261126" } = process.env;
if (PROPERTY_SEED !== "random") fc.configureGlobal({ seed: Number(PROPERTY_SEED) });

export default fc;
