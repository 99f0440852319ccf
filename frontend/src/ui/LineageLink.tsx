import { ActionIcon } from '@mantine/core'
import { IconHierarchy2 } from '@tabler/icons-react'
import { Link } from 'wouter'
import { lineageAddress } from '../core/runs/lineage'

/** To what a result is made of, and what depends on it. */
export function LineageLink({ place: { run, node, port } }: { place: { run: string; node: string; port: string } }) {
  return <ActionIcon size={28} component={Link} href={lineageAddress(`run:${run}/${node}.${port}`)} aria-label="Lineage" title="Lineage"><IconHierarchy2 size={16} stroke={1.6} /></ActionIcon>
}
