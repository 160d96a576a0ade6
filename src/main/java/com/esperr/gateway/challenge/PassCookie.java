package com.esperr.gateway.challenge;

import com.esperr.gateway.http.Cookies;
import com.esperr.gateway.request.ChallengeTraces;
import com.esperr.gateway.request.RequestContext;
import java.util.List;

/**
 * The cookie that carries a pass. Immutable. Its name holds a hash of the settings that passes depend on, so that one from
 * before a change is not found instead of being refused again and again, and over https it has the prefix that keeps
 * sibling domains from planting one.
 */
final class PassCookie {
    private static final int MOST_LOOKED_AT = 4;

    private final String name;
    private final String secureName;

    PassCookie(String settings) {
        this.name = ChallengeTraces.COOKIE
                + '_'
                + Fingerprint.of("settings", settings).hex(3);
        this.secureName = "__Host-" + name;
    }

    /** What it is called for {@code request}. */
    String name(RequestContext request) {
        return secure(request) ? secureName : name;
    }

    /** The passes that {@code request} brings; several only if somebody has planted some. */
    List<String> values(RequestContext request) {
        Cookies cookies = request.traces().cookies();
        if (cookies.size() == 0) {
            return List.of();
        }
        List<String> values = cookies.all(name(request));
        return values.subList(0, Math.min(values.size(), MOST_LOOKED_AT));
    }

    /** The value of Set-Cookie with which {@code request} gets {@code token}. */
    String set(RequestContext request, String token, long seconds) {
        return name(request) + '=' + token + "; Path=/; Max-Age=" + seconds + "; HttpOnly; SameSite=Lax"
                + (secure(request) ? "; Secure" : "");
    }

    static boolean secure(RequestContext request) {
        return request.scheme().equals("https");
    }
}
