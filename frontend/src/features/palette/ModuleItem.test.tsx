// @vitest-environment jsdom
import { MantineProvider } from '@mantine/core'
import { cleanup, fireEvent, render } from '@testing-library/react'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { fixtureCatalogue } from '../../core/catalogue/catalogue.fixture'
import { missingExtra, type Extra, type Module } from '../../core/catalogue/catalogue'
import { offerCommand } from '../../state/extras'
import { ModuleItem } from './ModuleItem'

vi.mock('../../state/extras', () => ({ offerCommand: vi.fn() }))

const extra: Extra = { name: 'moonshine', installed: false, command: 'make run EXTRAS=moonshine' }
const train = fixtureCatalogue.module('training.train_model') as Module

function draw(module: Module) {
  const { container, getByRole } = render(<MantineProvider><ModuleItem module={module} hue={200} /></MantineProvider>)
  return { row: container.querySelector<HTMLElement>('[data-module]'), item: container.querySelector<HTMLElement>('[data-row]'), getByRole }
}

beforeEach(() => {
  vi.stubGlobal('matchMedia', () => ({ matches: false, addEventListener: () => {}, removeEventListener: () => {} }))
  vi.mocked(offerCommand).mockClear()
})
afterEach(cleanup)

it('dims a module whose extra is missing, does not let it be dragged, and copies the command that brings it', () => {
  const module = { ...train, extra }
  const { row, item, getByRole } = draw(module)
  expect(row?.dataset.missing).toBe('true')
  expect(row?.querySelector('[data-dimmed]')).not.toBeNull()
  expect(item?.draggable).toBe(false)
  expect(item?.getAttribute('aria-description')).toContain('Needs the extra “moonshine”, which is not installed.')
  fireEvent.click(getByRole('button', { name: 'Copy “make run EXTRAS=moonshine”' }))
  expect(offerCommand).toHaveBeenCalledWith(module)
})

it('leaves every other module as it is', () => {
  for (const module of [train, { ...train, extra: { ...extra, installed: true } }]) {
    const { row, item } = draw(module)
    expect(missingExtra(module)).toBeNull()
    expect(row?.dataset.missing).toBeUndefined()
    expect(item?.draggable).toBe(true)
    cleanup()
  }
})
