/** Sends a custom resource's response to the presigned URL that CloudFormation reads it from, without a content type. */
export async function putResponse(url: string, body: string): Promise<void> {
  const response = await fetch(url, { method: 'PUT', body, headers: { 'content-type': '' } })
  if (!response.ok) throw new Error(`CloudFormation answered ${response.status}.`)
}
