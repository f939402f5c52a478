import { useFormats } from '../lib/frame.tsx'

/** How long ago, and when exactly to whoever asks; `exact` says both. */
export function When({ time, exact = false }: { time: string | null; exact?: boolean }) {
  const formats = useFormats()
  if (time === null) return <>–</>
  const [moment, ago] = [formats.moment(time), formats.ago(time)]
  return (
    <time dateTime={time} title={moment}>
      {exact ? `${moment} (${ago})` : ago}
    </time>
  )
}
