/** The templates of the workspace: each with its picture, what it is for, and the form of its parameters when it is used. */
import { ActionIcon, Menu, Title } from '@mantine/core'
import { IconDots, IconTrash } from '@tabler/icons-react'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useMemo, useState } from 'react'
import { counted } from '../../core/base/numbers'
import type { Graph } from '../../core/graph/graph'
import { asApiError, deleteTemplate, type Template } from '../../server/rest'
import { Confirm } from '../../ui/Confirm'
import classes from './Home.module.css'
import { summarise } from './summarise'
import { Thumbnail } from './Thumbnail'
import { UseTemplate } from './UseTemplate'

export function Templates({ templates, workspace }: { templates: Template[]; workspace: string }) {
  const [used, setUsed] = useState<Template | null>(null)
  if (templates.length === 0) return null
  return (
    <section aria-labelledby="templates">
      <div className={classes.heading}>
        <Title order={2} id="templates" className={classes.title}>Templates</Title>
        <span className={classes.soft}>Each opens as a pipeline of its own, with the values that you give</span>
      </div>
      <div className={classes.grid}>{templates.map((template) => <TemplateCard key={template.id} template={template} onUse={() => setUsed(template)} />)}</div>
      {used && <UseTemplate template={used} workspace={workspace} onClose={() => setUsed(null)} />}
    </section>
  )
}

function TemplateCard({ template, onUse }: { template: Template; onUse: () => void }) {
  const { name, description, version, made, graph } = template
  const thumbnail = useMemo(() => summarise(graph as unknown as Graph), [graph])
  const parameters = Object.keys(graph.parameters).length
  return (
    <div className={classes.holder}>
      <button type="button" className={classes.card} onClick={onUse}>
        <Thumbnail summary={thumbnail} />
        <span className={classes.words}>
          <strong>{name}</strong>
          {description && <span className={classes.soft}>{description}</span>}
          <span className={classes.micro}>Version {version} · {counted(Object.keys(graph.nodes).length, 'module')} · {counted(parameters, 'parameter')} · used {counted(made, 'time')}</span>
        </span>
      </button>
      <TemplateMenu template={template} />
    </div>
  )
}

function TemplateMenu({ template: { id, name } }: { template: Template }) {
  const client = useQueryClient()
  const [asking, setAsking] = useState(false)
  const removing = useMutation({ mutationFn: () => deleteTemplate(id), onSuccess: () => client.invalidateQueries({ queryKey: ['templates'] }) })
  return (
    <>
      <Menu position="bottom-end" withinPortal={false}>
        <Menu.Target><ActionIcon className={classes.more} aria-label={`Actions for the template ${name}`}><IconDots size={16} /></ActionIcon></Menu.Target>
        <Menu.Dropdown><Menu.Item fz={13} leftSection={<IconTrash size={16} stroke={1.6} />} onClick={() => setAsking(true)}>Delete…</Menu.Item></Menu.Dropdown>
      </Menu>
      <Confirm opened={asking} onClose={() => setAsking(false)} title={`Delete the template “${name}”?`} action="Delete template" onConfirm={() => removing.mutate()} busy={removing.isPending} error={removing.error && asApiError(removing.error)}>
        Pipelines that were made from it stay as they are. This cannot be undone.
      </Confirm>
    </>
  )
}
