import { ActionIcon, TextInput, Tooltip } from '@mantine/core'
import { useDebouncedCallback } from '@mantine/hooks'
import { IconSearch, IconX } from '@tabler/icons-react'
import { useState } from 'react'

const PAUSE = 300
const LABEL = 'Search text columns'

/** Searches the text columns, shortly after the last key; a button until it is used. */
export function Search({ search, onSearch, label = LABEL }: { search: string; onSearch: (search: string) => void; label?: string }) {
  const [open, setOpen] = useState(search !== '')
  const [typed, setTyped] = useState(search)
  const later = useDebouncedCallback(onSearch, PAUSE)
  const close = () => {
    later.cancel()
    setTyped('')
    setOpen(false)
    onSearch('')
  }
  if (!open) return <Tooltip label={label}><ActionIcon size={28} aria-label={label} onClick={() => setOpen(true)}><IconSearch size={16} stroke={1.6} /></ActionIcon></Tooltip>
  return (
    <TextInput
      size="xs" w={180} autoFocus placeholder={label} aria-label={label} leftSection={<IconSearch size={14} stroke={1.6} />} value={typed}
      onChange={(event) => { setTyped(event.currentTarget.value); later(event.currentTarget.value.trim()) }}
      onKeyDown={(event) => { if (event.key === 'Escape') { event.stopPropagation(); close() } }}
      rightSection={<ActionIcon size={24} aria-label="Clear search" onClick={close}><IconX size={14} stroke={1.6} /></ActionIcon>}
    />
  )
}
