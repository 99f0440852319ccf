import { ActionIcon } from '@mantine/core'
import { IconHierarchy2 } from '@tabler/icons-react'
import { Link } from 'wouter'
import { lineageAddress } from '../core/runs/lineage'

/** To what a thing is made of, and what depends on it; `column` follows one of its columns alone. */
export function LineageLink({ of, column }: { of: string; column?: string }) {
  const label = column === undefined ? 'Lineage' : `Lineage of ${column}`
  return <ActionIcon size={28} component={Link} href={lineageAddress(of, column)} aria-label={label} title={label}><IconHierarchy2 size={16} stroke={1.6} /></ActionIcon>
}
