export { Inspector } from './Inspector'
export { RunWith } from './RunWith'
