// Photos are shrunk on the device before they are kept or sent; drawing them anew
// also leaves out what the camera wrote into them (place, owner).

const mostBytes = 680_000
const mostSide = 1600 // pixels

/** shrunk is a photo as JPEG of at most mostBytes. */
export async function shrunk(file: Blob): Promise<Blob> {
  const image = await createImageBitmap(file, { imageOrientation: 'from-image' })
  try {
    for (let side = mostSide, quality = 0.82; ; side *= 0.8, quality = Math.max(0.6, quality - 0.06)) {
      const scale = Math.min(1, side / Math.max(image.width, image.height))
      const canvas = document.createElement('canvas')
      canvas.width = Math.max(1, Math.round(image.width * scale))
      canvas.height = Math.max(1, Math.round(image.height * scale))
      canvas.getContext('2d')!.drawImage(image, 0, 0, canvas.width, canvas.height)
      const blob = await new Promise<Blob | null>((done) => canvas.toBlob(done, 'image/jpeg', quality))
      if (!blob) throw new Error('the photo cannot be drawn')
      if (blob.size <= mostBytes) return blob
    }
  } finally {
    image.close()
  }
}
