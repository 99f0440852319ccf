/** A sub-pipeline: its name, the settings that its card has of its own, and what is wrong in it. */
import { Button, Text, Textarea } from '@mantine/core'
import { counted } from '../../core/base/numbers'
import { repeaterOf } from '../../core/graph/forEach'
import type { Group } from '../../core/graph/graph'
import { promotedFields } from '../../core/graph/promoted'
import { useCatalogue } from '../../state/catalogue'
import { currentGraph, useDocument } from '../../state/document'
import { enter, useDrawn } from '../../state/drawn'
import { setWords } from '../../state/edit'
import { Tile } from '../../ui/Tile'
import { Field } from './Field'
import { GroupComponent } from './GroupComponent'
import { GroupForEach } from './GroupForEach'
import { GroupNames } from './GroupNames'
import { GroupProblems } from './GroupProblems'
import classes from './Inspector.module.css'
import { leaveOnEnter } from './NodeHead'
import { OptionsFields } from './OptionsFields'
import { Head } from './Part'
import { useDraft } from './useDraft'

const MENU = ['enter', 'unfold', 'run_to', 'run_force_chosen', 'results', 'copy_chosen', 'duplicate', 'fit_chosen', 'delete']

interface Props {
  id: string
  group: Group
}

export function GroupSettings({ id, group }: Props) {
  const catalogue = useCatalogue()
  const nodes = useDocument((state) => state.nodes)
  const readOnly = useDocument((state) => state.readOnly)
  const members = useDrawn((state) => state.members.get(id)) ?? []
  const title = useDraft(group.title, (words) => words.trim() && setWords(id, 'title', words.replaceAll('\n', ' ').slice(0, 200)))
  const repeated = repeaterOf(nodes, id) !== null
  const fields = promotedFields(currentGraph(), catalogue, id)
  return (
    <>
      <Head
        tile={<Tile icon={repeated ? 'repeat' : 'stack-2'} hue={catalogue.hue('')} size={36} />}
        title={<Textarea variant="unstyled" autosize minRows={1} maxRows={3} classNames={{ input: classes.name }} aria-label="Title" readOnly={readOnly} onKeyDown={leaveOnEnter} {...title} />}
        line={`Sub-pipeline of ${counted(members.length - Number(repeated), 'module')}`} menu={MENU} label="Sub-pipeline actions"
      />
      <section className={classes.part}>
        <GroupProblems members={members} />
        {fields.map(({ name, node, setting }) => {
          const drawn = nodes[node]
          if (!drawn) return null
          return setting.kind === 'options'
            ? <OptionsFields key={name} id={node} node={drawn} param={setting} readOnly={readOnly} />
            : <Field key={name} node={node} param={setting} params={drawn.params} readOnly={readOnly} />
        })}
        {fields.length === 0 && !repeated && <Text fz={12} c="dimmed" mb={12}>No settings on this card. Open it, select a module, and press the pin beside a setting to show the setting here.</Text>}
        <Button h={28} px={10} fz={12} variant="default" onClick={() => enter(id)}>Open</Button>
      </section>
      <GroupComponent id={id} group={group} readOnly={readOnly} />
      <GroupForEach id={id} members={members} readOnly={readOnly} />
      <GroupNames id={id} group={group} readOnly={readOnly} />
    </>
  )
}
