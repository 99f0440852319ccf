export { Environments } from './Environments'
