import { type CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation'

/** Whether CloudFormation is undoing an update of a stack. @throws Error where there is no such stack. */
export const createRollbackReader =
  (client: CloudFormationClient) =>
  async (StackName: string): Promise<boolean> => {
    const { Stacks = [] } = await client.send(new DescribeStacksCommand({ StackName }))
    const status = Stacks[0]?.StackStatus
    if (status === undefined) throw new Error(`There is no stack ${StackName}.`)
    return status.includes('ROLLBACK')
  }
