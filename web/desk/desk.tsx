import { PageTitle } from '../components/page-title.tsx'
import { useFrame } from '../lib/frame.tsx'

export function Desk({ rio, phone }: { rio: string; phone: string }) {
  const { words } = useFrame()
  return (
    <>
      <PageTitle path={[words.menu.helpdesk]} title={words.menu.desk} />
      <p>
        {rio} {phone}
      </p>
    </>
  )
}
