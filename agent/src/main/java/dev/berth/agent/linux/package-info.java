/**
 * The kernel's own calls, through the foreign function interface, in small classes by topic.
 *
 * <p>In come paths, descriptors and process ids; out come values, or a {@link
 * dev.berth.agent.linux.LinuxException} that names the call, what it was about and the errno. No
 * class here knows what a task is. Native memory lives in confined arenas and never outlasts a
 * call. A call that changes a thread's namespaces runs on a platform thread of its own that ends
 * afterwards. Start reading at {@link dev.berth.agent.linux.NativeCall}.
 */
@NullMarked
package dev.berth.agent.linux;

import org.jspecify.annotations.NullMarked;
