import type { ComponentChildren } from 'preact'
import { useEffect, useState } from 'preact/hooks'
import { useWords } from '../lib/frame.tsx'
import { Button } from './button.tsx'
import { Notice } from './notice.tsx'
import { Waiting } from './waiting.tsx'

type Loaded<Module> = { module: Module } | 'loading' | 'failed'

/** A page whose script is loaded when it is opened. After an upgrade the old script is gone, and the page says so. */
export function Lazily<Module>({
  load,
  render,
}: {
  load: () => Promise<Module>
  render: (module: Module) => ComponentChildren
}) {
  const words = useWords()
  const [loaded, setLoaded] = useState<Loaded<Module>>('loading')
  // Written in place at each render, yet always the same module.
  useEffect(() => {
    load().then(
      (module) => setLoaded({ module }),
      () => setLoaded('failed'),
    )
  }, [])
  if (loaded === 'loading') return <Waiting />
  if (loaded !== 'failed') return render(loaded.module)
  return (
    <Notice kind="error" title={words.failures.pageMissing.title}>
      <p>{words.failures.pageMissing.remedy}</p>
      <Button onClick={() => location.reload()}>{words.common.reload}</Button>
    </Notice>
  )
}
