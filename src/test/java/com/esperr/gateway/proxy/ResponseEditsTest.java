package com.esperr.gateway.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import com.esperr.gateway.http.BodyLength;
import com.esperr.gateway.http.Fields;
import com.esperr.gateway.http.HttpVersion;
import com.esperr.gateway.http.ResponseHead;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ResponseEditsTest {
    private static ResponseHead head(String... namesAndValues) {
        Fields.Builder fields = Fields.builder(8);
        for (int i = 0; i < namesAndValues.length; i += 2) {
            fields.add(namesAndValues[i], namesAndValues[i + 1]);
        }
        return new ResponseHead(200, "Fine", HttpVersion.HTTP_1_1, fields.build(), BodyLength.CHUNKED, true);
    }

    private static String edited(ResponseEdits edits, ResponseHead head) {
        return edits.apply(head).fields().toString();
    }

    @Test
    void withoutEditsTheHeadIsTheSameObject() {
        ResponseHead head = head("A", "1");
        assertThat(ResponseEdits.NONE.apply(head)).isSameAs(head);
    }

    @Test
    void everyLineOfARemovedNameGoesInWhateverSpelling() {
        ResponseEdits edits = new ResponseEdits(Map.of(), Map.of(), Set.of("x-powered-by", "server"));
        assertThat(edited(edits, head("X-Powered-By", "a", "B", "2", "SERVER", "x", "x-powered-BY", "b")))
                .isEqualTo(head("B", "2").fields().toString());
    }

    @Test
    void whatIsSetIsTheOnlyValueAndWhatIsAddedComesBesides() {
        ResponseEdits edits = new ResponseEdits(Map.of("X-One", "1"), Map.of("Link", "</b>"), Set.of("x-one"));
        assertThat(edited(edits, head("x-one", "8", "Link", "</a>", "X-ONE", "9")))
                .isEqualTo(head("Link", "</a>", "X-One", "1", "Link", "</b>")
                        .fields()
                        .toString());
    }

    @Test
    void anOriginCannotTakeAwayWhatIsSetByNominatingIt() {
        ResponseEdits edits = new ResponseEdits(Map.of("X-Frame-Options", "DENY"), Map.of(), Set.of("x-frame-options"));
        ResponseHead head = head("Connection", "X-Frame-Options, X-Hop", "X-Hop", "1", "Content-Length", "5");
        assertThat(edited(edits, ResponseForwarding.ending(head)))
                .isEqualTo(head("Content-Length", "5", "X-Frame-Options", "DENY")
                        .fields()
                        .toString());
    }
}
