import v8 from 'node:v8'
import vm from 'node:vm'
import { TestEnvironment } from 'jest-environment-node'

v8.setFlagsFromString('--expose-gc')
const collectGarbage = vm.runInNewContext('gc')
const limit = 256 * 1024 * 1024

/**
 * Jest's environment for Node, cheaper in two ways. The global object is an ordinary one: Jest's is a Proxy, which code
 * that runs often asks for each `Object` and `Symbol`. And what suites have left behind is collected: V8 keeps it until
 * memory runs out, and meanwhile looks through all of it again and again.
 */
export default class extends TestEnvironment {
  constructor(...args) {
    if (process.memoryUsage().heapUsed > limit)
      collectGarbage({ type: 'major', execution: 'sync', flavor: 'last-resort' })
    const { createContext } = vm
    vm.createContext = () => createContext(vm.constants.DONT_CONTEXTIFY)
    try {
      super(...args)
    } finally {
      vm.createContext = createContext
    }
  }
}
