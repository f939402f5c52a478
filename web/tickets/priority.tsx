import { useWords } from '../lib/frame.tsx'

const BARS = [1, 2, 3, 4, 5]
const MAJOR = 6

/** 1 (very low) to 6 (major): in words, with as many bars; a major one has a frame around it. Levels of urgency likewise. */
export function Priority({ level }: { level: number }) {
  const words = useWords()
  const text = words.ticket.priority[level] ?? String(level)
  return (
    <span class={level >= MAJOR ? 'badge badge-error' : 'priority'}>
      <svg width="14" height="10" viewBox="0 0 14 10" aria-hidden="true" focusable="false">
        {BARS.map((bar) => (
          <rect
            key={bar}
            x={bar * 3 - 3}
            y={10 - bar * 2}
            width="2"
            height={bar * 2}
            fill="currentColor"
            opacity={bar <= level ? 1 : 0.3}
          />
        ))}
      </svg>{' '}
      {text}
    </span>
  )
}
