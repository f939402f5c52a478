import { setImmediate as nextTurn } from 'node:timers/promises'

/** Rows looked at in one go: on SQLite a reading of so many stays under some milliseconds. */
const STEP = 300

/** How long a page is filled for; what it then lacks is on the next. */
const MAX_MS = 200

interface Walk<Place, Row extends Place> {
  limit: number
  /** Rows a step, where these are shorter than a person's. */
  step?: number
  /** The next rows in order, behind a place; from the first where there is none. */
  read(after: Place | null, count: number): Promise<Row[]>
  /** Those that belong on the page. */
  keep(rows: readonly Row[]): Promise<ReadonlySet<Row>> | ReadonlySet<Row>
}

/**
 * Fills a page from rows of which few may be wanted, in steps between which others get their turn, and for a bounded time.
 * `end` is the place behind which the next page begins; null where there is no more.
 */
export async function walk<Place, Row extends Place>(
  { limit, step = STEP, read, keep }: Walk<Place, Row>,
  from: Place | null,
): Promise<{ rows: Row[]; end: Place | null }> {
  const until = performance.now() + MAX_MS
  const found: Row[] = []
  let last: Place | null = from
  for (;;) {
    const rows = await read(last, step)
    const kept = await keep(rows)
    // One more than the page holds tells whether there is another.
    for (const row of rows) if (kept.has(row)) found.push(row)
    if (found.length > limit) return { rows: found.slice(0, limit), end: found[limit - 1] ?? null }
    last = rows.at(-1) ?? last
    if (rows.length < step) return { rows: found, end: null }
    if (performance.now() > until) return { rows: found, end: last }
    await nextTurn()
  }
}
