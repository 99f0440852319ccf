import { Textarea, TextInput } from '@mantine/core'
import { useDraft } from '../useDraft'
import type { ControlProps } from './control'

const textOf = (props: ControlProps) => (typeof props.value === 'string' ? props.value : '')

/** The meaning of an empty setting, where it is not simply empty. */
const EMPTY: Record<string, string> = { positive_class: 'the later in order' }

export function TextControl(props: ControlProps) {
  const draft = useDraft(textOf(props), (text) => props.onChange(text === '' && props.param.nullable ? null : text))
  return <TextInput id={props.id} size="xs" readOnly={props.readOnly} placeholder={EMPTY[props.param.name]} {...draft} />
}

export function MultilineControl(props: ControlProps) {
  const draft = useDraft(textOf(props), props.onChange)
  return <Textarea id={props.id} size="xs" autosize minRows={3} maxRows={14} readOnly={props.readOnly} {...draft} />
}
