package com.esperr.gateway.transport;

import io.netty.handler.ssl.NotSslRecordException;
import io.netty.handler.ssl.SslHandshakeTimeoutException;
import java.nio.channels.ClosedChannelException;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertPathValidatorException.BasicReason;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.security.cert.PKIXReason;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** What went wrong with TLS, in words for an operator; the exceptions of the two providers differ. Stateless. */
public final class TlsFailure {
    private TlsFailure() {}

    /** Whether {@code failure} is one of TLS rather than of the connection below it. */
    public static boolean is(@Nullable Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof SSLException) {
                return true;
            }
        }
        return false;
    }

    /** Whether the other side took too long with the handshake. */
    public static boolean slow(@Nullable Throwable failure) {
        return failure instanceof SslHandshakeTimeoutException;
    }

    /** One line: what is wrong with the certificate if it is that, else what the provider says. */
    public static String describe(@Nullable Throwable failure) {
        String said = "no reason given";
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            String known = known(cause);
            if (known != null) {
                return known;
            }
            if (cause.getMessage() != null) {
                said = cause.getMessage();
            }
        }
        return said;
    }

    private static @Nullable String known(Throwable cause) {
        if (cause instanceof CertificateExpiredException) {
            return "certificate expired: " + cause.getMessage();
        } else if (cause instanceof CertificateNotYetValidException) {
            return "certificate not yet valid: " + cause.getMessage();
        } else if (cause instanceof CertPathBuilderException) {
            return "certificate of an unknown authority: " + cause.getMessage();
        } else if (cause instanceof CertPathValidatorException invalid) {
            return invalid.getReason() == BasicReason.UNSPECIFIED ? null : reason(invalid);
        } else if (cause instanceof CertificateException && saysName(String.valueOf(cause.getMessage()))) {
            return "certificate for another name: " + cause.getMessage();
        } else if (cause instanceof NotSslRecordException) {
            return "not TLS";
        } else if (cause instanceof ClosedChannelException) {
            return "connection closed during the handshake";
        }
        return null;
    }

    private static String reason(CertPathValidatorException invalid) {
        String what = "certificate refused";
        if (invalid.getReason() == BasicReason.EXPIRED) {
            what = "certificate expired";
        } else if (invalid.getReason() == BasicReason.INVALID_SIGNATURE
                || invalid.getReason() == PKIXReason.NO_TRUST_ANCHOR) {
            // Somebody else's key under a name that is known is not the authority that is known.
            what = "certificate of an unknown authority";
        }
        return what + ": " + invalid.getMessage();
    }

    /** The JDK has no exception of its own for it, and no other of its messages begins so. */
    private static boolean saysName(String message) {
        return message.startsWith("No subject alternative")
                || message.startsWith("No name matching")
                || message.startsWith("Certificate for");
    }
}
