import { useRef } from 'preact/hooks'

/** What was there last, while the next is on its way: a list that blinks at each letter cannot be read. */
export function useLast<Value>(value: Value | undefined): Value | undefined {
  const last = useRef(value)
  if (value !== undefined) last.current = value
  return last.current
}
