/** Puts a custom resource's answer where CloudFormation waits for it: a presigned URL that wants no content type. */
export async function putResponse(url: string, body: string): Promise<void> {
  const response = await fetch(url, { method: 'PUT', body, headers: { 'content-type': '' } })
  if (!response.ok) throw new Error(`CloudFormation's address answered ${response.status}.`)
}
