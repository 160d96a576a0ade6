/**
 * The application as a process of ours: how it is started and told where to listen, when it is ready, which signals it gets, what
 * happens when it ends, and with which exit code everything does.
 */
@NullMarked
package com.esperr.gateway.child;

import org.jspecify.annotations.NullMarked;
