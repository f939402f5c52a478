/** Drawn on a grid of 16; strokes take the colour of the text. */
const PATHS = {
  info: 'M8 7v4.5M8 4.6v.1M14.5 8a6.5 6.5 0 1 1-13 0 6.5 6.5 0 0 1 13 0Z',
  success: 'm5 8.3 2.2 2.2L11.2 6M14.5 8a6.5 6.5 0 1 1-13 0 6.5 6.5 0 0 1 13 0Z',
  warning: 'M8 6v3.5M8 11.6v.1M8 1.8l6.6 12H1.4L8 1.8Z',
  error: 'm5.8 5.8 4.4 4.4m0-4.4-4.4 4.4M14.5 8a6.5 6.5 0 1 1-13 0 6.5 6.5 0 0 1 13 0Z',
  search: 'm10.4 10.4 4 4M11.5 6.75a4.75 4.75 0 1 1-9.5 0 4.75 4.75 0 0 1 9.5 0Z',
  phone:
    'M5.6 2H3.2C2.5 2 2 2.6 2.1 3.2 2.6 8.9 7.1 13.4 12.8 13.9c.6.1 1.2-.4 1.2-1.1v-2.4L10.8 9 9.4 10.6A8 8 0 0 1 5.4 6.6L7 5.2 5.6 2Z',
  mail: 'M1.8 3.5h12.4v9H1.8v-9Zm.4.5L8 8.6 13.8 4',
  place:
    'M8 14.5S3 10 3 6.3a5 5 0 0 1 10 0C13 10 8 14.5 8 14.5Zm1.8-8.2a1.8 1.8 0 1 1-3.6 0 1.8 1.8 0 0 1 3.6 0Z',
  entity: 'M2.5 14V2.5h7V14m0-8h4v8m-12.5 0h14M5 5.5h2M5 8h2M5 10.5h2',
  ticket: 'M2 4h12v2.5a1.5 1.5 0 0 0 0 3V12H2V9.5a1.5 1.5 0 0 0 0-3V4Zm7.5 0v8',
  user: 'M2.5 14c.5-3 2.7-4.5 5.5-4.5s5 1.5 5.5 4.5M10.8 4.8a2.8 2.8 0 1 1-5.6 0 2.8 2.8 0 0 1 5.6 0Z',
  plus: 'M8 3v10M3 8h10',
  edit: 'm10.5 2.8 2.7 2.7-7.7 7.7-3.2.5.5-3.2 7.7-7.7Z',
  back: 'M9.5 3 4.5 8l5 5',
  next: 'm6.5 3 5 5-5 5',
  open: 'M9 2.5h4.5V7M13.2 2.8 7.5 8.5M6.5 3.5h-4v10h10v-4',
  menu: 'M2 4h12M2 8h12M2 12h12',
  up: 'm3 10.5 5-5 5 5',
  down: 'm3 5.5 5 5 5-5',
  close: 'm3.5 3.5 9 9m0-9-9 9',
  copy: 'M5.5 5.5h8v8h-8v-8ZM10.5 5V2.5h-8v8H5',
  download: 'M8 2v8m-3.5-3L8 10.5 11.5 7M2.5 13.5h11',
} as const

export type IconName = keyof typeof PATHS

/** Decoration: what it means stands in words beside it. */
export function Icon({ name }: { name: IconName }) {
  return (
    <svg class="icon" viewBox="0 0 16 16" aria-hidden="true" focusable="false">
      <path
        d={PATHS[name]}
        fill="none"
        stroke="currentColor"
        stroke-width="1.5"
        stroke-linejoin="round"
        stroke-linecap="round"
      />
    </svg>
  )
}
