/** A small catalogue for tests, used until the server's is available. */
import { readCatalogue, type InputPort, type Module, type OutputPort, type Palette, type Param, type PortKind } from './catalogue'

const input = (name: string, kind: string, rest: Partial<InputPort> = {}): InputPort =>
  ({ name, title: name, kind, optional: false, multiple: false, help: '', ...rest })

const output = (name: string, kind: string): OutputPort => ({ name, title: name, kind, help: '' })

export const param = (name: string, kind: Param['kind'], rest: Partial<Param> = {}): Param =>
  ({ name, title: name, kind, default: null, required: false, nullable: false, help: '', ...rest })

const module = (id: string, title: string, inputs: InputPort[], outputs: OutputPort[], params: Param[] = [], rest: Partial<Module> = {}): Module =>
  ({ id, title, shelf: id.split('.')[0] ?? '', icon: '', summary: '', aliases: [], version: 1, runs_code: false, extra: null, inputs, outputs, params, ...rest })

export const kind = (id: string, words: string, rest: Partial<PortKind> = {}): PortKind =>
  ({ id, words, icon: 'M0 0h12v12Z', hollow: false, colours: { light: '#000000', dark: '#ffffff' }, downloads: [], savable: false, registrable: false, ...rest })

const PALETTE: Palette = {
  kinds: [kind('table', 'a table'), kind('untrained_model', 'an untrained model'), kind('model', 'a trained model'), kind('report', 'a report')],
  shelves: [{ id: 'data', title: 'Data', hue: 210 }, { id: 'transform', title: 'Transform', hue: 160 }],
  modules: [
    module('data.dataset', 'Dataset', [], [output('table', 'table')], [param('dataset', 'dataset')], { aliases: ['import', 'csv'] }),
    module('transform.split_data', 'Split Data', [input('table', 'table')], [output('first', 'table'), output('second', 'table')], [
      param('mode', 'choice', { title: 'Mode', default: 'rows', choices: [{ value: 'rows', title: 'Split rows' }, { value: 'filter', title: 'Filter' }] }),
      param('fraction', 'number', { title: 'Fraction', default: 0.5, min: 0, max: 1, shown_when: { param: 'mode', is: ['rows'] } }),
      param('seed', 'seed', { default: 0, title: 'Seed' }),
    ], { aliases: ['train test'], summary: 'Share the rows of a table between two outputs.' }),
    module('transform.append_rows', 'Append Rows', [input('tables', 'table', { multiple: true })], [output('table', 'table')]),
    module('regression.linear_regression', 'Linear Regression', [], [output('untrained', 'untrained_model')]),
    module('training.train_model', 'Train Model', [input('untrained', 'untrained_model'), input('table', 'table')], [output('model', 'model')], [param('label', 'column', { port: 'table' })]),
    module('regression.any', 'Any Regressor', [], [output('untrained', 'untrained_model')], [param('estimator', 'choice', { title: 'Estimator', default: 'SVR', choices: [{ value: 'SVR', title: 'SVR' }, { value: 'Ridge', title: 'Ridge' }] }), param('parameters', 'options', { title: 'Parameters', default: {}, form_of: 'estimator' })]),
    module('scoring.score_model', 'Score Model', [input('model', 'model'), input('table', 'table')], [output('scored', 'table')]),
  ],
}

export const fixtureCatalogue = readCatalogue(PALETTE)
