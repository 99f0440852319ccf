/** An edge from a module to a compatible port, chosen from lists. */
import { Group, Select, Text, type ComboboxItem } from '@mantine/core'
import { useState } from 'react'
import { compatibleEnds, nodeTitle, portOf } from '../../core/graph/connect'
import { joinEnd, splitEnd, type Graph } from '../../core/graph/graph'
import { currentCatalogue, useCatalogue } from '../../state/catalogue'
import { withFolded } from '../../state/drawn'
import { connect } from '../../state/edit'
import { Picker } from '../../ui/Picker'

export function endWords(graph: Graph, end: string, side: 'input' | 'output'): string {
  const catalogue = withFolded(currentCatalogue())
  const port = side === 'input' ? portOf(graph, catalogue, end, 'input') : portOf(graph, catalogue, end, 'output')
  return `${nodeTitle(graph, catalogue, splitEnd(end).node)}, ${port?.title ?? splitEnd(end).port}`
}

export function OutlineConnect({ node, graph }: { node: string; graph: Graph }) {
  const [from, setFrom] = useState<string | null>(null)
  const [words, setWords] = useState<string | null>(null)
  const module = withFolded(useCatalogue()).module(graph.nodes[node]?.module ?? '')
  const outputs = (module?.outputs ?? []).map((port) => ({ value: joinEnd(node, port.name), label: port.title }))
  const start = from ?? outputs[0]?.value ?? null
  if (!start) return null
  const targets: ComboboxItem[] = [...compatibleEnds(graph, withFolded(currentCatalogue()), start, 'output')].map((end) => ({ value: end, label: endWords(graph, end, 'input') }))
  return (
    <Group gap="xs" align="end">
      <Select label="Connect" data={outputs} value={start} onChange={setFrom} flex={1} allowDeselect={false} />
      <Picker
        label="to" placeholder={targets.length ? 'Select a port' : 'No matching port'} disabled={targets.length === 0} flex={2} value={null} entries={() => targets}
        onChange={(to) => to && setWords(connect([start, to]))} unknown={(typed) => `No matching port is named “${typed}”.`}
      />
      <Text fz={12} c="var(--state-failed)" aria-live="polite">{words}</Text>
    </Group>
  )
}
