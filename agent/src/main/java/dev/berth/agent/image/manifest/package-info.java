/**
 * The JSON documents of an image: index, manifest and configuration, of OCI and of Docker's schema
 * 2.
 *
 * <p>Enters: bytes that somebody sent, already bounded in length. Leaves: validated records, or a
 * refusal. Invariant: pure. Start reading at {@link dev.berth.agent.image.manifest.ImageDocuments}.
 */
@NullMarked
package dev.berth.agent.image.manifest;

import org.jspecify.annotations.NullMarked;
