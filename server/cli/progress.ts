import { SingleBar } from 'cli-progress'

/** How often a line is written where there is no terminal to draw on. */
const LINE_MS = 1000

export interface Progress {
  show(progress: { done: number; total: number }): void
  stop(): void
}

/** A bar on a terminal, a line now and then elsewhere; `what` is counted. */
export function showProgress(what: string): Progress {
  if (process.stderr.isTTY) {
    const bar = new SingleBar({
      format: `{bar} {percentage} %  {value} of {total} ${what}  {eta_formatted}`,
      stream: process.stderr,
      hideCursor: true,
    })
    let began = false
    return {
      show({ done, total }) {
        if (!began) bar.start(Math.max(total, done, 1), done)
        began = true
        bar.setTotal(Math.max(total, done, 1))
        bar.update(done)
      },
      stop: () => bar.stop(),
    }
  }
  let told = performance.now()
  return {
    show({ done, total }) {
      if (performance.now() - told < LINE_MS) return
      told = performance.now()
      console.error(`${done} of ${Math.max(total, done)} ${what}`)
    },
    stop() {},
  }
}
