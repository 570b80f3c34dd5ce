/**
 * Models from the Hugging Face Hub: {@link dev.jandaia.hub.HubClient} downloads them, {@link
 * dev.jandaia.hub.HubCache} finds those already there. The cache on disk is the one of the {@code
 * huggingface_hub} tools, so that each finds what the other fetched:
 *
 * <pre>
 * models--ORG--NAME/blobs/ETAG              the bytes; ETAG.incomplete while on their way
 * models--ORG--NAME/snapshots/COMMIT/FILE   a relative link to a blob
 * models--ORG--NAME/refs/main               the commit that the branch pointed to
 * </pre>
 *
 * <p>Nothing that a server says is trusted: names are checked before they become paths, bytes
 * before they become blobs, and the token goes to the configured endpoint alone. Files are fetched
 * one after another.
 */
package dev.jandaia.hub;
