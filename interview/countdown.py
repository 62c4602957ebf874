"""How long it is until something starts, in words."""

from datetime import datetime, timedelta

from django.utils.translation import gettext as _


def until(moment: datetime, *, now: datetime) -> str:
    """The two largest units left (还有3天4小时); a sentence of its own in the last minute and when the time is over."""
    left = moment - now
    if left <= timedelta(0):
        return _("已到计划时间，等主持人开场")
    days, hours, minutes = left.days, left.seconds // 3600, left.seconds % 3600 // 60
    if days:
        return _("还有%(days)d天%(hours)d小时") % {"days": days, "hours": hours}
    if hours:
        return _("还有%(hours)d小时%(minutes)d分钟") % {"hours": hours, "minutes": minutes}
    if minutes:
        return _("还有%(minutes)d分钟") % {"minutes": minutes}
    return _("马上开始")
