"""What an asker reads when a question is not used: why, and what may be changed; an editor may say it otherwise (reason_texts.py)."""

from collections.abc import Mapping
from types import MappingProxyType

from interview.models import Question

Reason = Question.Reason

# The asker's page shows this much; so does the column.
WORDS_LIMIT = 300

# Stored with the decision and read by the asker, so in the language of the site, whatever the moderator's page is in.
WORDS: Mapping[str, str] = MappingProxyType(
    {
        Reason.OFF_TOPIC: "这个提问与本期主题无关。请围绕本期主题提问，或关注以后相关单位的访谈。",
        Reason.PERSONAL: "提问里有电话、住址、证件号码等个人信息，公开以后可能给您或他人带来麻烦。请去掉这些信息后重新提交。",
        Reason.ABUSIVE: "提问里有辱骂或攻击他人的话。请去掉这些话，写明事情本身后重新提交。",
        Reason.DUPLICATE: "已有网友提出相同的问题，请关注本期实录里的答复。您的情况如有不同，请写明不同之处后重新提交。",
        Reason.ADVERT: "提问里有广告或推广内容。请去掉后重新提交。",
        Reason.UNCLEAR: "我们没有看明白您要问什么。请写清楚事情的时间、地点和经过，以及希望得到怎样的答复，再重新提交。",
        Reason.LEGAL: "这个提问的内容依法不宜公开讨论。您可以通过12345热线或有关部门的窗口反映。",
    }
)
# For askers who read the site in English.
ENGLISH: Mapping[str, str] = MappingProxyType(
    {
        Reason.OFF_TOPIC: "This question is not about the topic of this interview. Please ask about the topic, or look out for later interviews.",
        Reason.PERSONAL: "The question contains a telephone number, an address or other personal data, which could harm you or others once it "
        "is public. Please take it out and send the question again.",
        Reason.ABUSIVE: "The question insults or attacks somebody. Please leave that out, say what happened, and send it again.",
        Reason.DUPLICATE: "Somebody has asked the same; please look for the answer in the transcript. If your case differs, say how, and send it again.",
        Reason.ADVERT: "The question contains advertising. Please take it out and send the question again.",
        Reason.UNCLEAR: "We did not understand what you want to know. Please say when, where and what happened, and what answer you hope "
        "for, and send it again.",
        Reason.LEGAL: "By law this is not for public discussion. Please turn to the hotline 12345 or to the department in charge.",
    }
)
