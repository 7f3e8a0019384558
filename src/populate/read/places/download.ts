export async function download(_path: string, name: string, _to: string): Promise<number> {
  throw new Error(name);
}
