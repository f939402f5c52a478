import { useEffect, useState } from 'preact/hooks'
import { useSurroundings } from '../lib/frame.tsx'
import { reasonInWords } from '../lib/problems.ts'

/** Why something cannot be done, which the server says in an English sentence, in the reader's language. */
export function Reason({ text }: { text: string }) {
  const { language } = useSurroundings()
  const [shown, setShown] = useState('')
  useEffect(() => {
    let stale = false
    reasonInWords(text, language)
      .then((words) => !stale && setShown(`${words.charAt(0).toUpperCase()}${words.slice(1)}.`))
      .catch(reportError)
    return () => {
      stale = true
    }
  }, [text, language])
  return <p>{shown}</p>
}
