import type { DeploymentEngine, DeploymentResult, RunOptions } from "../engine";

type Run = (options?: RunOptions) => Promise<DeploymentResult>;

/**
 * The same engine, all that it tells also told to `hear`: lines, diagnostics, results and exported states.
 */
export function watchedEngine(engine: DeploymentEngine, hear: (text: string) => void): DeploymentEngine {
  const heard = (run: Run): Run => {
    return async (options = {}) => {
      const result = await run({
        ...options,
        onOutput(line) {
          hear(`${line.line}\n`);
          options.onOutput?.(line);
        },
        onDiagnostic(diagnostic) {
          hear(`${diagnostic.message}\n`);
          options.onDiagnostic?.(diagnostic);
        },
      });
      hear(JSON.stringify([result.stdout, result.diagnostics, result.outputs]));
      return result;
    };
  };
  return {
    name: engine.name,
    preview: heard((options) => engine.preview(options)),
    up: heard((options) => engine.up(options)),
    refresh: heard((options) => engine.refresh(options)),
    destroy: heard((options) => engine.destroy(options)),
    setConfig: (key, value) => engine.setConfig(key, value),
    async exportState() {
      const state = await engine.exportState();
      hear(JSON.stringify(state));
      return state;
    },
    importState: (state) => engine.importState(state),
    cancel: () => engine.cancel(),
  };
}
