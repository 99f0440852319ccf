/** One module of the pipeline: settings, last run, how it runs, and its note. */
import { Text, Textarea } from '@mantine/core'
import { isShown } from '../../core/catalogue/catalogue'
import type { GraphNode } from '../../core/graph/graph'
import { useCatalogue } from '../../state/catalogue'
import { useDocument } from '../../state/document'
import { setWords } from '../../state/edit'
import { EstimateLine } from './EstimateLine'
import { ExecutionSettings } from './ExecutionSettings'
import { Field } from './Field'
import classes from './Inspector.module.css'
import { LastRun } from './LastRun'
import { NodeHead } from './NodeHead'
import { NodeProblems } from './NodeProblems'
import { OptionsFields } from './OptionsFields'
import { Fold } from './Part'
import { useDraft } from './useDraft'

interface Props {
  id: string
  node: GraphNode
}

function Note({ id, node, readOnly }: Props & { readOnly: boolean }) {
  const note = useDraft(node.comment ?? '', (words) => setWords(id, 'comment', words))
  return (
    <Fold title="Note on the card" value={node.comment?.split('\n')[0] || 'none'}>
      <Textarea aria-label="Note on the card" placeholder="Shown below the name" size="xs" autosize minRows={2} maxRows={8} readOnly={readOnly} {...note} />
    </Fold>
  )
}

export function NodeSettings({ id, node }: Props) {
  const module = useCatalogue().module(node.module)
  const readOnly = useDocument((state) => state.readOnly)
  const all = useDocument((state) => state.execution)
  const shown = module?.params.filter((param) => isShown(param, module, node.params)) ?? []
  return (
    <>
      <NodeHead id={id} node={node} module={module} readOnly={readOnly} />
      <section className={classes.part}>
        <NodeProblems id={id} shown={shown} />
        {shown.map((param) => param.kind === 'options'
          ? <OptionsFields key={param.name} id={id} node={node} param={param} readOnly={readOnly} />
          : <Field key={param.name} node={id} param={param} params={node.params} readOnly={readOnly} />)}
        {module && module.params.length === 0 && <Text fz={12} c="dimmed">No settings. {module.summary}</Text>}
        <EstimateLine node={id} limit={node.execution?.memory_mb ?? all?.memory_mb} />
      </section>
      <LastRun node={id} />
      <ExecutionSettings node={id} execution={node.execution} all={all} runsCode={module?.runs_code ?? false} readOnly={readOnly} />
      <Note id={id} node={node} readOnly={readOnly} />
    </>
  )
}
