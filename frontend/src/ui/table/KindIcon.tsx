import { Icon123, IconAbc, IconBraces, IconCalendar, IconToggleLeft } from '@tabler/icons-react'
import type { ColumnKind } from '../../core/data/tables'

const ICONS = { number: Icon123, text: IconAbc, boolean: IconToggleLeft, datetime: IconCalendar, other: IconBraces }
const WORDS: Record<ColumnKind, string> = { number: 'Number', text: 'Text', boolean: 'Boolean', datetime: 'Date and time', other: 'Other' }

export function KindIcon({ kind, size = 14 }: { kind: ColumnKind; size?: number }) {
  const Icon = ICONS[kind]
  return <Icon size={size} stroke={1.6} aria-label={WORDS[kind]} role="img" />
}
