export function TicketPage({ id }: { id: number }) {
  return <p>{id}</p>
}
